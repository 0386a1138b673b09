/**
 * The catalogue of what support does and does not do as an installation begins with it (SPEC T15): everything that the
 * three companies whose rules Kontor grew from tell their customers. Staff change it afterwards; this file is read once.
 *
 * ISPsystem's rules stand for every product. Bitrix24's, translated from Polish, stand for its on-premise edition, in the
 * six groups that its page has. ISPGo says what each category of tickets is for. Storm BPMN and HOSTKEY name no limits of
 * what their support does.
 */
import type { LocalisedText } from '../../domain/locale.ts';
import type { Edition, ScopeStance } from '../../domain/support-scope.ts';

export interface ScopeGroup {
  readonly source: 'ispsystem' | 'bitrix24' | 'ispgo';
  readonly category: 'technical' | 'billing' | 'licence' | 'general' | 'other';
  /** Null: every product, every edition. */
  readonly product: string | null;
  readonly edition: Edition | null;
  readonly section: LocalisedText;
  readonly items: readonly ScopeItemText[];
}

interface ScopeItemText {
  readonly stance: ScopeStance;
  /** Set where the item belongs to another category than its group. */
  readonly category?: 'licence' | 'general';
  readonly title: LocalisedText;
  /** What a customer can be sent, as Markdown. */
  readonly text: LocalisedText;
}

type Words = readonly [title: string, text: string];

function does(en: Words, ru: Words, category?: ScopeItemText['category']): ScopeItemText {
  return item('covered', en, ru, category);
}

function doesNot(en: Words, ru: Words): ScopeItemText {
  return item('not_covered', en, ru);
}

function forMoney(en: Words, ru: Words): ScopeItemText {
  return item('paid', en, ru);
}

function item(stance: ScopeStance, en: Words, ru: Words, category?: ScopeItemText['category']): ScopeItemText {
  const told = { stance, title: { en: en[0], ru: ru[0] }, text: { en: en[1], ru: ru[1] } };
  return category ? { ...told, category } : told;
}

const forEveryProduct = { source: 'ispsystem', category: 'technical', product: null, edition: null } as const;
const bitrix24 = { source: 'bitrix24', category: 'technical', product: 'bitrix24', edition: 'on_premise' } as const;
const ispgo = { source: 'ispgo', product: null, edition: null, section: { en: 'What to ask here', ru: 'О чём спрашивать' } } as const;

const servers: ScopeGroup = {
  ...forEveryProduct,
  section: { en: 'Servers and other software', ru: 'Серверы и стороннее ПО' },
  items: [
    doesNot(
      [
        'Diagnosing the server itself',
        'Support does not look for faults of the server on which our product is installed. Please turn to its administrator or to the hosting company.',
      ],
      [
        'Диагностика неисправностей сервера',
        'Поддержка не диагностирует неисправности в работе сервера, на который установлен наш продукт. Обратитесь к администратору сервера или в хостинг-компанию.',
      ],
    ),
    doesNot(
      [
        'Configuring the system and third-party software by hand',
        'Support does not configure the operating system or third-party software by hand. Please turn to the server’s administrator or to the makers of that software.',
      ],
      [
        'Ручная настройка системы и стороннего ПО',
        'Поддержка не выполняет ручную настройку системы и стороннего ПО. Обратитесь к администратору сервера или к разработчикам этого ПО.',
      ],
    ),
    doesNot(
      [
        'Setting up the network on your servers',
        'Support does not set up the network on customers’ servers. Please turn to the server’s administrator or to the hosting company.',
      ],
      [
        'Настройка сети на серверах клиента',
        'Поддержка не настраивает сеть на серверах клиента. Обратитесь к администратору сервера или в хостинг-компанию.',
      ],
    ),
    doesNot(
      [
        'Installing or updating PHP, MySQL and other services',
        'Support does not install, reinstall or update PHP, MySQL and other services. Please turn to the server’s administrator.',
      ],
      [
        'Установка и обновление PHP, MySQL и других сервисов',
        'Поддержка не выполняет установку, переустановку и обновление PHP, MySQL и других сервисов. Обратитесь к администратору сервера.',
      ],
    ),
    doesNot(
      [
        'Products at the end of their life (EOL)',
        'This version has reached the end of its life (EOL) and is not supported any more. Please update to a supported version; the documentation describes the way, and we help if the update fails.',
      ],
      [
        'Продукты на стадии EOL',
        'Эта версия находится на стадии EOL и больше не поддерживается. Обновитесь до поддерживаемой версии: порядок описан в документации, а если обновление не удастся, мы поможем.',
      ],
    ),
    doesNot(
      [
        'Faults caused by third-party software installed by hand',
        'Third-party software, or software from third-party repositories, was installed on the server by hand and makes our product misbehave. Support is not responsible for stable work in this case. Please remove it, then tell us whether the problem is still there.',
      ],
      [
        'Сбои из-за стороннего ПО, установленного вручную',
        'На сервере вручную установлено стороннее ПО или ПО из сторонних репозиториев, и это стало причиной некорректной работы нашего продукта. В этом случае поддержка не несёт ответственности за стабильную работу. Удалите это ПО и сообщите, сохранилась ли проблема.',
      ],
    ),
  ],
};

const development: ScopeGroup = {
  ...forEveryProduct,
  section: { en: 'Custom development', ru: 'Доработки' },
  items: [
    forMoney(
      [
        'Developing and supporting plugins and changes of our products',
        'Developing, implementing and supporting plugins and changes of our products is not part of basic support, but can be done for money. Our engineers look at what you need and make you an offer.',
      ],
      [
        'Разработка и поддержка плагинов и доработок наших продуктов',
        'Разработка, реализация и поддержка плагинов и доработок для наших продуктов не входит в базовую поддержку, но может быть выполнена на платной основе. Инженеры рассмотрят задачу и предложат условия.',
      ],
    ),
    forMoney(
      [
        'Supporting plugins and changes made by other contractors',
        'Developing and supporting plugins and changes that outside contractors made for our products is not part of basic support, but can be done for money. Our engineers look at what you need and make you an offer.',
      ],
      [
        'Поддержка плагинов и доработок внешних подрядчиков',
        'Разработка и поддержка плагинов и доработок внешних подрядчиков для наших продуктов не входит в базовую поддержку, но может быть выполнена на платной основе. Инженеры рассмотрят задачу и предложат условия.',
      ],
    ),
  ],
};

const installation: ScopeGroup = {
  ...bitrix24,
  section: { en: 'Installation and moving', ru: 'Установка и перенос' },
  items: [
    does(
      [
        'Advice on installing the product on a server',
        'Support advises on installing the product on a server, demo or commercial version, within the installation guide.',
      ],
      [
        'Консультации по установке продукта на сервер',
        'Поддержка консультирует по установке продукта на сервер (демо- и коммерческая версия) в объёме руководства по установке.',
      ],
    ),
    does(
      ['Typical problems of installation', 'Support gives recommendations for typical problems of installation.'],
      ['Типичные проблемы установки', 'Поддержка даёт рекомендации по типичным проблемам установки.'],
    ),
    does(
      [
        'General advice on choosing server software',
        'Support gives general advice on choosing server software. The recommendations are also in the product’s documentation.',
      ],
      [
        'Общие рекомендации по выбору серверного ПО',
        'Поддержка даёт общие рекомендации по выбору серверного ПО. Они есть и в соответствующих разделах документации.',
      ],
    ),
    does(
      [
        'Advice on moving a project with the built-in tools',
        'For putting a project on a hosting, or moving it from a local server to a remote one, support gives general advice on the tools for a backup and on the standard, built-in scripts and mechanisms.',
      ],
      [
        'Консультации по переносу проекта встроенными средствами',
        'При размещении проекта на хостинге или переносе с локального сервера на удалённый поддержка даёт общие консультации по средствам резервного копирования и по стандартным встроенным скриптам и механизмам.',
      ],
    ),
    doesNot(
      [
        'Installing the product on a server',
        'Support does not install the software on a server for you. The installation guide describes the way, and we advise on it.',
      ],
      [
        'Установка продукта на сервер',
        'Поддержка не устанавливает программное обеспечение на сервер за вас. Порядок описан в руководстве по установке, и мы по нему консультируем.',
      ],
    ),
    doesNot(
      [
        'Making backups and sending them to a server',
        'Support does not prepare backups of the system or send them to a server. The built-in tools do this; we advise on them.',
      ],
      [
        'Подготовка резервных копий и загрузка их на сервер',
        'Поддержка не готовит резервные копии системы и не загружает их на сервер. Для этого есть встроенные средства; мы по ним консультируем.',
      ],
    ),
    doesNot(
      [
        'Diagnosing server software on your computer or server',
        'Support does not diagnose server software on a customer’s computer or server. Please turn to its administrator.',
      ],
      [
        'Диагностика серверного ПО на компьютере или сервере клиента',
        'Поддержка не диагностирует серверное ПО на компьютере или сервере клиента. Обратитесь к администратору сервера.',
      ],
    ),
    doesNot(
      [
        'Installing server software on your server or computer',
        'Support does not install server software on a customer’s server or computer. Please turn to its administrator.',
      ],
      [
        'Установка серверного ПО на сервер или компьютер клиента',
        'Поддержка не устанавливает серверное ПО на сервер или компьютер клиента. Обратитесь к администратору сервера.',
      ],
    ),
  ],
};

const performance: ScopeGroup = {
  ...bitrix24,
  section: { en: 'Performance', ru: 'Производительность' },
  items: [
    does(
      [
        'Advice on server software for better performance',
        'Support gives general advice on choosing server software, so that projects perform better.',
      ],
      [
        'Рекомендации по серверному ПО для производительности',
        'Поддержка даёт общие рекомендации по выбору серверного ПО для повышения производительности проектов.',
      ],
    ),
    does(
      ['Advice on the settings of single programs', 'Support recommends how to set the parameters of single programs.'],
      ['Рекомендации по параметрам отдельных программ', 'Поддержка даёт рекомендации по настройке параметров отдельных программ.'],
    ),
    does(
      [
        'Advice on the built-in caching',
        'Support gives recommendations on the built-in caching and other mechanisms that take load off the site.',
      ],
      [
        'Рекомендации по встроенному кешированию',
        'Поддержка даёт рекомендации по встроенным механизмам кеширования и другим механизмам, снижающим нагрузку на сайт.',
      ],
    ),
    doesNot(
      [
        'Configuring software on your computers and servers',
        'Support does not configure software directly on users’ computers and servers. We recommend settings; your administrator applies them.',
      ],
      [
        'Настройка ПО на компьютерах и серверах пользователей',
        'Поддержка не настраивает ПО непосредственно на компьютерах и серверах пользователей. Мы рекомендуем параметры, а применяет их ваш администратор.',
      ],
    ),
    doesNot(
      ['Diagnosing and load-testing projects on your servers', 'Support does not diagnose or load-test projects on customers’ servers.'],
      [
        'Диагностика и нагрузочное тестирование проектов на серверах клиентов',
        'Поддержка не проводит диагностику и нагрузочное тестирование проектов на серверах клиентов.',
      ],
    ),
    doesNot(
      ['Optimising the code of components or modules', 'Support does not optimise the code of a program’s components or modules.'],
      ['Оптимизация кода компонентов и модулей', 'Поддержка не оптимизирует код компонентов программы и программных модулей.'],
    ),
  ],
};

const updates: ScopeGroup = {
  ...bitrix24,
  section: { en: 'Updates', ru: 'Обновления' },
  items: [
    does(
      [
        'Problems with the licence key while updating',
        'Support finds and solves problems with the licence key while the product is being updated.',
      ],
      [
        'Проблемы с лицензионным ключом при обновлении',
        'Поддержка выявляет и решает проблемы с лицензионным ключом при обновлении продукта.',
      ],
    ),
    does(
      ['An update that was installed wrongly', 'Support helps to find and mend what is wrong after an update was installed incorrectly.'],
      ['Неправильно установленное обновление', 'Поддержка помогает найти и исправить проблемы после некорректной установки обновления.'],
    ),
    doesNot(
      [
        'Connecting to the server, directly or by a proxy',
        'Support does not solve problems of the connection to the server, or of setting a connection up through a proxy. Please turn to your network’s administrator.',
      ],
      [
        'Подключение к серверу, напрямую или через прокси',
        'Поддержка не решает проблемы подключения к серверу и установки соединения через прокси. Обратитесь к администратору вашей сети.',
      ],
    ),
    doesNot(
      [
        'Configuring the server for the update system',
        'Support does not configure the server and its software for the update system. The requirements are in the documentation.',
      ],
      [
        'Настройка сервера для системы обновлений',
        'Поддержка не настраивает сервер и серверное ПО для системы обновлений. Требования описаны в документации.',
      ],
    ),
  ],
};

const errors: ScopeGroup = {
  ...bitrix24,
  section: { en: 'Errors and failures', ru: 'Ошибки и сбои' },
  items: [
    does(
      [
        'Errors in operation, failures and recovery',
        'Support solves errors that occur while a project runs, fails and is restored, and helps to find and remove the causes of failures.',
      ],
      [
        'Ошибки эксплуатации, сбои и восстановление',
        'Поддержка устраняет ошибки, возникающие при эксплуатации, сбоях и восстановлении проекта, и помогает найти и устранить причины сбоев.',
      ],
    ),
    does(
      [
        'Errors of the product itself',
        'Support finds out whether the product has an error. One that is found is mended during the diagnosis or in one of the next updates, as its complexity allows.',
      ],
      [
        'Ошибки самого продукта',
        'Поддержка проводит диагностику, чтобы установить факт ошибки в работе продукта. Найденная ошибка в зависимости от сложности устраняется в ходе диагностики или в следующих обновлениях.',
      ],
    ),
    doesNot(
      [
        'Errors of the product’s installation',
        'Support does not mend errors of the installation. You get general recommendations by the installation guide and the documentation, and known ways of solving similar problems.',
      ],
      [
        'Ошибки установки продукта',
        'Поддержка не устраняет ошибки установки. Вы получите общие рекомендации по руководству по установке и документации и известные способы решения похожих проблем.',
      ],
    ),
    doesNot(
      [
        'Errors of the database',
        'Support does not mend errors of the database. You get general recommendations and known ways of solving the problem.',
      ],
      [
        'Ошибки базы данных',
        'Поддержка не устраняет ошибки базы данных. Вы получите общие рекомендации и известные способы решения проблемы.',
      ],
    ),
    doesNot(
      [
        'A server whose configuration keeps updates from installing',
        'Support does not mend the server’s configuration that keeps updates from installing correctly, and does not install updates itself. You get general recommendations and known ways of solving the problem.',
      ],
      [
        'Конфигурация сервера, мешающая обновлениям',
        'Поддержка не исправляет конфигурацию сервера, которая мешает корректно установить обновления, и не устанавливает обновления сама. Вы получите общие рекомендации и известные способы решения проблемы.',
      ],
    ),
    doesNot(
      [
        'Finding and mending errors in server software',
        'Support does not look for errors in server software and does not mend them. Please turn to its makers or to the server’s administrator.',
      ],
      [
        'Поиск и устранение ошибок в серверном ПО',
        'Поддержка не ищет и не устраняет ошибки в серверном ПО. Обратитесь к его разработчикам или к администратору сервера.',
      ],
    ),
  ],
};

const integration: ScopeGroup = {
  ...bitrix24,
  section: { en: 'Integration and development', ru: 'Интеграция и разработка' },
  items: [
    does(
      [
        'General questions of integrating the product with a site',
        'Support solves general problems of integrating the software with a site’s project, by the integration guide and the documentation.',
      ],
      [
        'Общие вопросы интеграции продукта с сайтом',
        'Поддержка решает общие вопросы интеграции ПО с проектом сайта по руководству по интеграции и документации продукта.',
      ],
    ),
    does(
      ['Using the API modules of the product', 'Support advises on using the product’s API modules.'],
      ['Использование модулей API продукта', 'Поддержка консультирует по использованию модулей API продукта.'],
    ),
    does(
      [
        'Requests for scripts that may become part of the product',
        'Support takes requests to develop scripts that may later be part of the standard delivery. No date is promised.',
      ],
      [
        'Заявки на скрипты для стандартной поставки',
        'Поддержка принимает заявки на разработку скриптов с возможным включением в стандартную поставку. Сроки не определены.',
      ],
    ),
    doesNot(
      [
        'Explaining programming in general',
        'Support does not explain general questions of programming. Please turn to a developer or to one of our partners.',
      ],
      [
        'Общие вопросы программирования',
        'Поддержка не разъясняет общие вопросы программирования. Обратитесь к разработчику или к одному из наших партнёров.',
      ],
    ),
    doesNot(
      [
        'Solving a particular task with a given logic',
        'Support does not solve particular tasks with a given logic. Please turn to a developer or to one of our partners.',
      ],
      [
        'Решение конкретных задач с заданной логикой',
        'Поддержка не решает конкретные задачи с заданной логикой. Обратитесь к разработчику или к одному из наших партнёров.',
      ],
    ),
    doesNot(
      [
        'Diagnosing solutions and components that you made',
        'Support does not diagnose software solutions and components that were made for your project. Please turn to those who made them.',
      ],
      [
        'Диагностика созданных решений и компонентов',
        'Поддержка не диагностирует программные решения и компоненты, созданные для вашего проекта. Обратитесь к их разработчикам.',
      ],
    ),
    doesNot(
      ['Developing components of your own', 'Support does not develop custom components. Please turn to one of our partners.'],
      [
        'Разработка нестандартных компонентов',
        'Поддержка не разрабатывает нестандартные компоненты. Обратитесь к одному из наших партнёров.',
      ],
    ),
    doesNot(
      ['Developing modules of your own', 'Support does not develop custom modules of the product. Please turn to one of our partners.'],
      [
        'Разработка нестандартных модулей',
        'Поддержка не разрабатывает нестандартные модули продукта. Обратитесь к одному из наших партнёров.',
      ],
    ),
    doesNot(
      [
        'Adapting public scripts and components',
        'Support does not adapt public scripts and components of the software. Please turn to one of our partners.',
      ],
      [
        'Адаптация публичных скриптов и компонентов',
        'Поддержка не адаптирует публичные скрипты и компоненты ПО. Обратитесь к одному из наших партнёров.',
      ],
    ),
    doesNot(
      [
        'Changing the code of modules or components for a business task',
        'Support does not change the code of modules or components to solve a particular business task; errors of the product are mended. Please turn to one of our partners.',
      ],
      [
        'Изменение кода модулей и компонентов под бизнес-задачи',
        'Поддержка не изменяет код модулей и компонентов для решения конкретных бизнес-задач; ошибки продукта исправляются. Обратитесь к одному из наших партнёров.',
      ],
    ),
    doesNot(
      [
        'Writing scripts that integrate payment systems',
        'Support does not write scripts that integrate payment systems. Please turn to one of our partners.',
      ],
      [
        'Скрипты для интеграции с платёжными системами',
        'Поддержка не пишет скрипты для интеграции с платёжными системами. Обратитесь к одному из наших партнёров.',
      ],
    ),
  ],
};

const using: ScopeGroup = {
  ...bitrix24,
  section: { en: 'Using the product', ru: 'Работа с продуктом' },
  items: [
    does(
      [
        'What the modules do, where the documentation does not say',
        'Support describes what the product’s modules do where the documentation has no such description.',
      ],
      [
        'Описание модулей, которого нет в документации',
        'Поддержка описывает функции модулей продукта, если в документации нет соответствующего описания.',
      ],
    ),
    does(
      ['Questions of licensing', 'Support explains questions of licensing the software.'],
      ['Вопросы лицензирования', 'Поддержка разъясняет вопросы лицензирования ПО.'],
      'licence',
    ),
    does(
      [
        'Several sites in one product',
        'Support explains how to configure several sites, where the documentation and the guides leave difficulties.',
      ],
      [
        'Настройка многосайтовости',
        'Поддержка разъясняет настройку нескольких сайтов, если при работе с документацией и руководствами возникли трудности.',
      ],
    ),
    does(
      ['Configuring security', 'Support solves problems with the configuration of security while the product is used.'],
      ['Настройка безопасности', 'Поддержка решает проблемы с настройкой безопасности при использовании продукта.'],
    ),
    does(
      ['Wishes and requests for better functions', 'Support takes wishes and requests for improving the product’s functions.'],
      ['Пожелания и запросы на улучшение', 'Поддержка принимает пожелания и запросы на улучшение функций продукта.'],
      'general',
    ),
    does(
      ['What is missing in the documentation', 'Support works on the documentation with you and completes it.'],
      ['Дополнение документации', 'Поддержка работает с вами над документацией и дополняет её.'],
      'general',
    ),
  ],
};

/** What each category is for, as ISPGo tells its customers. */
const categories: readonly ScopeGroup[] = [
  {
    ...ispgo,
    category: 'technical',
    items: [
      does(
        [
          'Working with the panel, servers, domains, mail, DNS',
          'Ask here about working with the control panel and about configuring servers, domains, mail and DNS in it.',
        ],
        [
          'Работа панели, серверы, домены, почта, DNS',
          'Здесь задают вопросы по работе панели управления и по настройке в ней серверов, доменов, почты и DNS.',
        ],
      ),
    ],
  },
  {
    ...ispgo,
    category: 'billing',
    items: [
      does(
        ['Payment, balance, plans, licences, auto-renewal', 'Ask here about payments, the balance, plans, licences and auto-renewal.'],
        ['Оплата, баланс, тарифы, лицензии, автопродление', 'Здесь задают вопросы по оплате, балансу, тарифам, лицензиям и автопродлению.'],
      ),
    ],
  },
  {
    ...ispgo,
    category: 'licence',
    items: [
      does(
        ['Licences, activation, keys, limits of plans', 'Ask here about licences, their activation and keys, and the limits of plans.'],
        ['Лицензии, активация, ключи, ограничения тарифов', 'Здесь задают вопросы по лицензиям, активации, ключам и ограничениям тарифов.'],
      ),
    ],
  },
  {
    ...ispgo,
    category: 'general',
    items: [
      does(
        ['General questions, proposals, cooperation', 'Ask here whatever is general; proposals and offers of cooperation are welcome too.'],
        ['Общие вопросы, предложения, сотрудничество', 'Здесь задают общие вопросы, вносят предложения и договариваются о сотрудничестве.'],
      ),
    ],
  },
  {
    ...ispgo,
    category: 'other',
    items: [
      does(
        ['Other questions', 'Ask here whatever fits no other category.'],
        ['Прочие вопросы', 'Здесь задают вопросы, которые не подходят к другим категориям.'],
      ),
    ],
  },
];

/** The whole catalogue, in its order. */
export const standardScope: readonly ScopeGroup[] = [
  servers,
  development,
  installation,
  performance,
  updates,
  errors,
  integration,
  using,
  ...categories,
];
